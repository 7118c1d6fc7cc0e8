/** A renewal from the account to the new policy's number. */

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { graphql, read, type FragmentType } from '../__generated__/gql/index.js'
import type { ScreenFragment } from '../__generated__/gql/graphql.js'
import { answers } from './form.js'
import type { Gateway } from './gateway.js'

const LOOKS = 100
const BETWEEN_LOOKS_MS = 100

const SCREEN = graphql(`
  fragment Screen on Renewal {
    id
    version
    status
    reviewHash
    selectedPlan { id }
    plans { id lossesHash premium { total } }
    result { newPolicyNumber }
    currentStep { id title state requirements { ...Requirement } }
  }
`)

const LINK = graphql(`
  mutation Link($input: InsurerLinkCreateInput!) {
    insurerLinkCreate(input: $input) { link { state } errors { code message } }
  }
`)

const POLICIES = graphql(`
  query Policies {
    policies { edges { node { id number insurer { code } renewability { online } } } }
  }
`)

const START = graphql(`
  mutation Start($input: RenewalStartInput!) {
    renewalStart(input: $input) { renewal { ...Screen } errors { code message } }
  }
`)

const READ = graphql(`
  query Read($id: ID!) {
    renewal(id: $id) { ...Screen }
  }
`)

const ANSWER = graphql(`
  mutation Answer($input: StepAnswerInput!) {
    renewalStepAnswer(input: $input) { renewal { ...Screen } errors { code message } }
  }
`)

const SUBMIT = graphql(`
  mutation Submit($input: RenewalSubmitInput!) {
    renewalSubmit(input: $input) { renewal { ...Screen } errors { code message } }
  }
`)

export async function link(gateway: Gateway, account: { insurer: string; userId: string; password: string }) {
  const { insurer, userId, password } = account
  const input = { insurer: { code: insurer }, userId, password, idempotencyKey: randomUUID() }
  const { insurerLinkCreate } = await gateway.ask(LINK, { input })
  done(insurerLinkCreate)
}

export async function renewable(gateway: Gateway) {
  const { policies } = await gateway.ask(POLICIES, {})
  return policies?.edges.map(({ node }) => node).filter(({ renewability }) => renewability?.online) ?? []
}

/** Begin, answer every step, and press the button once. */
export async function renew(gateway: Gateway, policyId: string): Promise<ScreenFragment> {
  const wanted = { policy: { id: policyId }, idempotencyKey: randomUUID() }
  const { renewalStart } = await gateway.ask(START, { input: wanted })
  let renewal = shown(renewalStart)
  while (renewal.status === 'IN_PROGRESS') renewal = await step(gateway, await reviewed(gateway, renewal))
  if (renewal.status !== 'READY' || !renewal.reviewHash) throw new Error(`not to be sent: ${renewal.status}`)

  const { id, version, reviewHash } = renewal
  const input = { renewalId: id, expectedVersion: version, reviewHash, idempotencyKey: randomUUID() }
  return shown((await gateway.ask(SUBMIT, { input })).renewalSubmit)
}

async function step(gateway: Gateway, renewal: ScreenFragment): Promise<ScreenFragment> {
  const { id, version, currentStep, plans, selectedPlan } = renewal
  const plan = plans.find((each) => each.id === selectedPlan?.id) ?? plans[0]
  if (!currentStep || !plan) throw new Error('nothing is asked')
  const input = {
    flowId: id,
    stepId: currentStep.id,
    expectedVersion: version,
    answers: await answers(currentStep.requirements, plan),
    idempotencyKey: randomUUID(),
  }
  return shown((await gateway.ask(ANSWER, { input })).renewalStepAnswer)
}

/** The insurer may take a moment to show its last screen; a subscription would say when it has. */
async function reviewed(gateway: Gateway, renewal: ScreenFragment): Promise<ScreenFragment> {
  let now = renewal
  for (let look = 0; look < LOOKS && now.currentStep?.state === 'WAITING'; look++) {
    await pause(BETWEEN_LOOKS_MS)
    now = read(SCREEN, (await gateway.ask(READ, { id: now.id })).renewal) ?? now
  }
  return now
}

type Payload = { errors: { code: string; message: string }[] }

function done(payload: Payload) {
  const [error] = payload.errors
  if (error) throw new Error(`${error.code}: ${error.message}`)
}

function shown(payload: Payload & { renewal: FragmentType<typeof SCREEN> | null }): ScreenFragment {
  done(payload)
  if (!payload.renewal) throw new Error('no renewal was answered')
  return read(SCREEN, payload.renewal)
}
