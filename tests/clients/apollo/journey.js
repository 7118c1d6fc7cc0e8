/** The main job as a frontend lives it: link an account, find a policy, renew it step by step. */

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { answered } from '../form.js'
import { ANSWER_STEP, LINK, POLICIES, READ_RENEWAL, START_RENEWAL, SUBMIT } from './documents.js'

const LOOKS = 100
const BETWEEN_LOOKS_MS = 100

/** One order under a key of its own; sent again with the same key it is done once. */
export async function order(client, mutation, input) {
  const { data } = await client.mutate({ mutation, variables: { input: { ...input, idempotencyKey: randomUUID() } } })
  const [payload] = Object.values(data)
  return payload
}

async function done(client, mutation, input) {
  const payload = await order(client, mutation, input)
  assert.deepEqual(payload.errors, [])
  return payload
}

export async function link(client, account) {
  const { insurer, userId, password } = account
  return (await done(client, LINK, { insurer: { code: insurer }, userId, password })).link
}

export async function policies(client, first = 20) {
  const { data } = await client.query({ query: POLICIES, variables: { first }, fetchPolicy: 'network-only' })
  return data.policies
}

export async function start(client, policy) {
  return (await done(client, START_RENEWAL, { policy: { id: policy.id } })).renewal
}

/** Answer one step after the other until the insurer's last screen is here. */
export async function walk(client, begun) {
  let renewal = begun
  while (renewal.status === 'IN_PROGRESS') {
    if (renewal.currentStep.state === 'WAITING') renewal = await reviewed(client, renewal)
    const plan = renewal.plans.find(({ id }) => id === renewal.selectedPlan?.id) ?? renewal.plans[0]
    renewal = (await done(client, ANSWER_STEP, await answered(renewal, plan))).renewal
  }
  return renewal
}

/** The insurer may take a moment to show its last screen; a subscription would say when it has. */
async function reviewed(client, { id }) {
  for (let look = 0; look < LOOKS; look++) {
    const { data } = await client.query({ query: READ_RENEWAL, variables: { id }, fetchPolicy: 'network-only' })
    if (data.renewal.reviewHash) return data.renewal
    await pause(BETWEEN_LOOKS_MS)
  }
  throw new Error('the insurer shows no last screen')
}

export async function submit(client, { id, version, reviewHash }) {
  return order(client, SUBMIT, { renewalId: id, expectedVersion: version, reviewHash })
}
