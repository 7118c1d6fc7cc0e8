/** What the screens of an app ask. The compiler reads them here, and writes what Relay runs into __generated__. */

import { graphql } from 'relay-runtime'

/** The book of an agent: its figures, and a list that pages. */
export const bookScreen = graphql`
  query screensBookQuery($first: Int!) {
    book {
      summary { total due }
      ...screensRows @arguments(first: $first)
    }
  }
`

export const rows = graphql`
  fragment screensRows on Book
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" })
  @refetchable(queryName: "screensRowsPageQuery") {
    renewals(first: $first, after: $after, filter: { list: RENEWAL }) @connection(key: "screensRows_renewals") {
      edges { node { id policyNumber statusLabel } }
    }
  }
`

/** One row, as the screen of one row shows it. */
export const rowScreen = graphql`
  query screensRowQuery($id: ID!) {
    node(id: $id) { ...screensRow @alias(as: "row") }
  }
`

export const row = graphql`
  fragment screensRow on BookEntry {
    id
    policyNumber
    notes(first: 1) { edges { node { text } } }
  }
`

/** The figures at once, and the rows when they are there. */
export const deferredScreen = graphql`
  query screensDeferredQuery {
    book {
      summary { total due }
      ...screensFewRows @defer(label: "rows")
    }
  }
`

export const fewRows = graphql`
  fragment screensFewRows on Book {
    renewals(first: 5) { edges { node { policyNumber } } }
  }
`

/** One insurer at once, and the others as they come. */
export const streamedScreen = graphql`
  query screensStreamedQuery {
    insurers { edges @stream(initialCount: 1, label: "insurers") { node { code name } } }
  }
`

/** The row that the order answers with is new in the store, and so on every screen. */
export const addNote = graphql`
  mutation screensAddNoteMutation($input: BookNoteAddInput!) {
    bookNoteAdd(input: $input) {
      done
      errors { code message }
      rows { entry { ...screensRow } }
    }
  }
`

export const bookUpdated = graphql`
  subscription screensBookUpdatedSubscription {
    bookUpdated {
      summary { total due }
      entries { ...screensRow }
    }
  }
`
