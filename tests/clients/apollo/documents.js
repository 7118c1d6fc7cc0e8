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

export const BOOK_PAGE = gql`
  query BookPage($first: Int!, $after: String) {
    book {
      id
      renewals(first: $first, after: $after, filter: { list: RENEWAL }) {
        totalCount
        edges { cursor node { id policyNumber statusLabel } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`

/** What the screen needs first comes first: the figures of the book, and then its rows. */
export const BOOK_DEFERRED = gql`
  query BookDeferred {
    book {
      id
      summary { total due }
      ... @defer(label: "rows") {
        renewals(first: 5) { edges { cursor node { id policyNumber } } pageInfo { hasNextPage endCursor } }
      }
    }
  }
`

export const START_COMPARISON = gql`
  mutation StartComparison($input: ComparisonStartInput!) {
    comparisonStart(input: $input) {
      comparison { id disclosures { insurer { id code } hash statement needed } }
      errors { ...Errors }
    }
  }
  ${ERRORS}
`

export const SHARE = gql`
  mutation Share($input: ComparisonSharingAnswerInput!) {
    comparisonSharingAnswer(input: $input) {
      comparison { id }
      errors { ...Errors }
    }
  }
  ${ERRORS}
`

/** Each insurer's plans as soon as it answers, and none held up by the slowest. */
export const OFFERS = gql`
  query Offers($id: ID!) {
    comparison(id: $id) {
      id
      offers @stream(initialCount: 0) { id name insurer { id code } premium { total changeFromCurrent } }
    }
  }
`

export const BOOK_UPDATED = gql`
  subscription BookUpdated {
    bookUpdated {
      summary { total due }
      entries { id notes(first: 1) { edges { node { id text } } } }
    }
  }
`

export const ADD_NOTE = gql`
  mutation AddNote($input: BookNoteAddInput!) {
    bookNoteAdd(input: $input) { done errors { ...Errors } }
  }
  ${ERRORS}
`
