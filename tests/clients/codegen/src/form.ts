/** The form renderer in types: every kind of requirement has its widget, or this does not compile. */

import { graphql, read, type FragmentType } from '../__generated__/gql/index.js'
import type { AnswerInput, AnswerValueInput, RequirementFragment } from '../__generated__/gql/graphql.js'

export const REQUIREMENT = graphql(`
  fragment Requirement on Requirement {
    __typename
    key
    label
    required
    satisfied
    ... on FieldRequirement { inputKind suggested options { value label recommended } }
    ... on ConfirmationRequirement { statement }
    ... on DocumentRequirement { document { id title url } }
  }
`)

// By the key of what is asked: keys are alike where the question is.
const TYPED: Record<string, AnswerValueInput> = {
  phone: { text: '090-1234-5678' },
  vehicle_count: { number: 2 },
  licence_renewal_month: { text: '2028-02' },
  youngest_driver_birth_date: { date: '1977-03-03' },
  group_conditions: { choice: 'true' },
}

type Kind<Name extends RequirementFragment['__typename']> = Extract<RequirementFragment, { __typename: Name }>

interface Plan {
  id: string
  lossesHash: string | null
}

/** What to send for what is still open; what *plan* loses has been shown. */
export async function answers(open: FragmentType<typeof REQUIREMENT>[], plan: Plan): Promise<AnswerInput[]> {
  const given: AnswerInput[] = []
  for (const requirement of open.map((each) => read(REQUIREMENT, each))) {
    if (requirement.satisfied) continue
    const value = await answer(requirement, plan)
    if (!value) continue
    const losses = value.planId ? { acknowledgedLosses: plan.lossesHash } : {}
    given.push({ requirementKey: requirement.key, value, ...losses })
  }
  return given
}

async function answer(requirement: RequirementFragment, plan: Plan): Promise<AnswerValueInput | undefined> {
  switch (requirement.__typename) {
    case 'ConfirmationRequirement':
      return { confirmed: true }
    case 'PlanRequirement':
      return { planId: plan.id }
    case 'DocumentRequirement':
      return opened(requirement)
    case 'FieldRequirement':
      return typed(requirement)
    case 'ChallengeRequirement':
    case 'OutOfBandRequirement':
      throw new Error(`${requirement.label}: only the customer can do that`)
  }
}

/** Nothing is answered for a document that the insurer has not shown yet. */
async function opened({ document }: Kind<'DocumentRequirement'>): Promise<AnswerValueInput | undefined> {
  if (!document?.url) return undefined
  const response = await fetch(document.url)
  if (!response.ok) throw new Error(`${document.title}: ${response.status}`)
  await response.arrayBuffer()
  return { documentOpened: document.id }
}

function typed(field: Kind<'FieldRequirement'>): AnswerValueInput | undefined {
  const { key, inputKind, options, suggested, required } = field
  if (suggested !== null && !required) return undefined // What stands there is right.
  if (TYPED[key]) return TYPED[key]
  if (inputKind === 'BOOLEAN') return { choice: 'false' }
  const option = options.find(({ recommended }) => recommended) ?? options[0]
  if (option) return { choice: suggested ?? option.value }
  return suggested === null ? undefined : { text: suggested }
}
