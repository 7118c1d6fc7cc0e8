import { gql } from '@apollo/client'

/** Everything that was not done says why in the same words; some kinds of error say more. */
const ERRORS = gql`
  fragment Errors on UserError {
    code
    message
    field
    ... on ConflictError { currentVersion }
    ... on EligibilityError { reasons { code message } }
    ... on ProviderError { retryAt contacts { label phone } }
  }
`

const RENEWAL = gql`
  fragment RenewalScreen on Renewal {
    id
    version
    status
    statusLabel
    reviewHash
    selectedPlan { id }
    plans { id name sameAsCurrent lossesHash premium { total changeFromCurrent } }
    review { premium { total } statement }
    result { newPolicyNumber }
    currentStep {
      id
      title
      state
      requirements {
        key
        label
        required
        satisfied
        ... on FieldRequirement { inputKind suggested options { value label recommended } }
        ... on ConfirmationRequirement { statement }
        ... on DocumentRequirement { document { id title url } }
        ... on PlanRequirement { selected { id } }
      }
    }
  }
`

export const LINK = gql`
  mutation Link($input: InsurerLinkCreateInput!) {
    insurerLinkCreate(input: $input) {
      link { id state insurer { id code } challenge { id prompt } }
      errors { ...Errors }
    }
  }
  ${ERRORS}
`

export const POLICIES = gql`
  query Policies($first: Int!, $after: String) {
    policies(first: $first, after: $after) {
      totalCount
      edges {
        cursor
        node { id number insurer { id code name } endsAt statusLabel successorNumber renewability { online } }
      }
      pageInfo { hasNextPage endCursor }
      providers { insurer { id code } state message }
    }
  }
`

export const START_RENEWAL = gql`
  mutation StartRenewal($input: RenewalStartInput!) {
    renewalStart(input: $input) { renewal { ...RenewalScreen } errors { ...Errors } }
  }
  ${RENEWAL}
  ${ERRORS}
`

export const READ_RENEWAL = gql`
  query Renewal($id: ID!) {
    renewal(id: $id) { ...RenewalScreen }
  }
  ${RENEWAL}
`

export const COMPARE = gql`
  query Compare($renewals: [ID!]!) {
    comparePlans(input: { renewalIds: $renewals }) {
      id
      reference { id name }
      offers { id name premium { total } }
      matrix { key label differs cells { verdict reason coverage { insurerLabel } } }
    }
  }
`

export const ANSWER_STEP = gql`
  mutation AnswerStep($input: StepAnswerInput!) {
    renewalStepAnswer(input: $input) { renewal { ...RenewalScreen } errors { ...Errors } }
  }
  ${RENEWAL}
  ${ERRORS}
`

export const SUBMIT = gql`
  mutation Submit($input: RenewalSubmitInput!) {
    renewalSubmit(input: $input) { renewal { ...RenewalScreen policy { id successorNumber } } errors { ...Errors } }
  }
  ${RENEWAL}
  ${ERRORS}
`
