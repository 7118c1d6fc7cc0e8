/** The screens of a customer who renews: the account, the policies, and one step after another. */

import { graphql } from 'relay-runtime'

export const link = graphql`
  mutation wizardLinkMutation($input: InsurerLinkCreateInput!) {
    insurerLinkCreate(input: $input) { link { state } errors { code message } }
  }
`

export const policies = graphql`
  query wizardPoliciesQuery {
    policies {
      edges { node { id number insurer { code name } renewability { online } } }
      providers { state message }
    }
  }
`

export const start = graphql`
  mutation wizardStartMutation($input: RenewalStartInput!) {
    renewalStart(input: $input) { renewal { ...wizardRenewal } errors { code message } }
  }
`

export const answer = graphql`
  mutation wizardAnswerMutation($input: StepAnswerInput!) {
    renewalStepAnswer(input: $input) {
      renewal { ...wizardRenewal }
      errors { code message ... on ConflictError { currentVersion } }
    }
  }
`

export const renewal = graphql`
  fragment wizardRenewal on Renewal {
    id
    version
    status
    statusLabel
    selectedPlan { id }
    plans { id name sameAsCurrent lossesHash premium { total changeFromCurrent } }
    currentStep {
      id
      title
      state
      requirements {
        __typename
        key
        label
        required
        satisfied
        ... on FieldRequirement { inputKind suggested options { value label recommended } }
        ... on ConfirmationRequirement { statement }
        ... on DocumentRequirement { document { id title url } }
      }
    }
  }
`
