import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { agentToken } from '../town.js'
import { connect, normalized } from './client.js'
import { ADD_NOTE, BOOK_PAGE } from './documents.js'

test('pages of a book grow into one list in the cache', async () => {
  const client = connect(agentToken, { cache: normalized() })
  const page = async (after) => (await client.query(BOOK_PAGE, { first: 40, after })).data.book.renewals

  let { edges, pageInfo, totalCount } = await page(null)
  assert.equal(edges.length, 40)
  while (pageInfo.hasNextPage) ({ edges, pageInfo } = await page(pageInfo.endCursor))

  assert.equal(new Set(edges.map(({ node }) => node.id)).size, totalCount)
})

test('a row that an order answers with is new wherever it is shown', async () => {
  const client = connect(agentToken, { cache: normalized() })
  const shown = async () => (await client.query(BOOK_PAGE, { first: 1 })).data.book.renewals.edges[0].node
  const { id } = await shown()
  const text = `電話しました ${Date.now()}`

  const { data } = await client.mutation(ADD_NOTE, { input: { entryIds: [id], text, idempotencyKey: randomUUID() } })

  assert.deepEqual(data.bookNoteAdd.errors, [])
  assert.equal((await shown()).notes.edges[0].node.text, text)
})
