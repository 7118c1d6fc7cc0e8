/**
 * The one form renderer: it answers whatever step any insurer puts, from what the step says of itself.
 * Where a screen would draw a widget, this looks up what its customer would type. It knows no insurer.
 */

// By the key of what is asked: keys are alike where the question is.
const TYPED = {
  phone: { text: '090-1234-5678' },
  vehicle_count: { number: 2 },
  licence_renewal_month: { text: '2028-02' },
  youngest_driver_birth_date: { date: '1977-03-03' },
  group_conditions: { choice: 'true' },
}

/**
 * What to send for an open step, as `StepAnswerInput` takes it.
 *
 * @param flow the renewal that the step belongs to
 * @param plan the plan to renew with; what it loses has been shown
 */
export async function answered(flow, plan) {
  const step = flow.currentStep
  const open = step.requirements.filter((requirement) => !requirement.satisfied)
  const answers = []
  for (const requirement of open) {
    const value = await WIDGETS[requirement.__typename](requirement, plan)
    if (value === undefined) continue
    const losses = value.planId ? { acknowledgedLosses: plan.lossesHash } : {}
    answers.push({ requirementKey: requirement.key, value, ...losses })
  }
  return { flowId: flow.id, stepId: step.id, expectedVersion: flow.version, answers }
}

const WIDGETS = {
  ConfirmationRequirement: () => ({ confirmed: true }),
  PlanRequirement: (_, plan) => ({ planId: plan.id }),
  DocumentRequirement: open,
  FieldRequirement: typed,
}

async function open({ document }) {
  if (!document?.url) return undefined // The insurer has not shown it yet.
  const response = await fetch(document.url)
  if (!response.ok) throw new Error(`${document.url}: ${response.status}`)
  await response.arrayBuffer()
  return { documentOpened: document.id }
}

function typed({ key, inputKind, options, suggested, required }) {
  if (suggested !== null && !required) return undefined // What stands there is right.
  if (TYPED[key]) return TYPED[key]
  if (inputKind === 'BOOLEAN') return { choice: 'false' }
  const option = options.find(({ recommended }) => recommended) ?? options[0]
  if (option) return { choice: suggested ?? option.value }
  return suggested === null ? undefined : { text: suggested }
}
