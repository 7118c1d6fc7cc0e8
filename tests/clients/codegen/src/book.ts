/** An agent's book: one screen is one query. */

import { graphql, read } from '../__generated__/gql/index.js'
import type { BookPageQuery, RowFragment } from '../__generated__/gql/graphql.js'
import type { Gateway } from './gateway.js'

const ROW = graphql(`
  fragment Row on BookEntry {
    id
    insurer { code }
    policyNumber
    customer { name { family given } }
    dueAt
    daysLeft
    status
    blockerLabel
    premiumChange
    nextActions { kind label primary }
  }
`)

const PAGE = graphql(`
  query BookPage($first: Int!, $after: String, $filter: BookEntryFilter) {
    book {
      summary(dueWithinDays: 60) { total due premiumAtRisk byBlocker { blocker label count } }
      providers { insurer { code } state message asOf }
      renewals(first: $first, after: $after, filter: $filter, orderBy: { field: DUE }) {
        totalCount
        edges { node { ...Row } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`)

/** Everything that comes due, page after page, with the figures of the screen's head. */
export async function bookPage(gateway: Gateway, first: number) {
  const rows: RowFragment[] = []
  let after: string | null = null
  for (;;) {
    const { book }: BookPageQuery = await gateway.ask(PAGE, { first, after, filter: { list: 'RENEWAL' } })
    if (!book) throw new Error('who is signed in has no book')
    rows.push(...book.renewals.edges.map(({ node }) => read(ROW, node)))
    after = book.renewals.pageInfo.endCursor
    if (!book.renewals.pageInfo.hasNextPage) return { summary: book.summary, total: book.renewals.totalCount, rows }
  }
}
