import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filter, firstValueFrom, map } from 'rxjs'
import { agentToken } from '../town.js'
import { connect } from './client.js'
import { BOOK_PAGE } from './documents.js'

test('pages of a book grow into one list in the cache', async () => {
  const book = connect(agentToken).watchQuery({ query: BOOK_PAGE, variables: { first: 40 } })
  const screen = book.pipe(filter(({ loading }) => !loading), map(({ data }) => data.book.renewals))

  let { edges, pageInfo, totalCount } = await firstValueFrom(screen)
  assert.equal(edges.length, 40)
  while (pageInfo.hasNextPage) {
    const { data } = await book.fetchMore({ variables: { after: pageInfo.endCursor } })
    pageInfo = data.book.renewals.pageInfo
  }

  ;({ edges } = await firstValueFrom(screen.pipe(filter(({ edges }) => edges.length === totalCount))))
  assert.equal(new Set(edges.map(({ node }) => node.id)).size, totalCount)
})
