import { gql } from '@urql/core'

export const LINK = gql`
  mutation Link($input: InsurerLinkCreateInput!) {
    insurerLinkCreate(input: $input) { link { id state } errors { code message } }
  }
`

export const POLICIES = gql`
  query Policies {
    policies {
      edges { node { id number insurer { id code } statusLabel renewability { online } } }
      providers { state message }
    }
  }
`

export const BOOK_PAGE = gql`
  query BookPage($first: Int!, $after: String) {
    book {
      id
      renewals(first: $first, after: $after, filter: { list: RENEWAL }) {
        totalCount
        edges { cursor node { id policyNumber statusLabel notes(first: 1) { edges { node { id text } } } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`

export const BOOK_DEFERRED = gql`
  query BookDeferred {
    book {
      id
      summary { total due }
      ... @defer {
        renewals(first: 5) { edges { node { id policyNumber } } }
      }
    }
  }
`

export const INSURERS_STREAMED = gql`
  query Insurers {
    insurers {
      edges @stream(initialCount: 1) { node { id code name } }
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
    bookNoteAdd(input: $input) {
      done
      rows { entry { id notes(first: 1) { edges { node { id text } } } } }
      errors { code message }
    }
  }
`
