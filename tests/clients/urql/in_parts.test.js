import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentToken, customers } from '../town.js'
import { connect, normalized } from './client.js'
import { BOOK_DEFERRED, INSURERS_STREAMED } from './documents.js'
import { pictures } from './pictures.js'

const CACHES = { 'document cache': () => undefined, graphcache: normalized }

for (const [name, cache] of Object.entries(CACHES)) {
  test(`@defer: a book's figures come before its rows (${name})`, async () => {
    const client = connect(agentToken, { cache: cache() })

    const [first, ...rest] = await pictures(client, BOOK_DEFERRED)

    assert.ok(first.book.summary.total > 0)
    assert.ok(!first.book.renewals)
    assert.equal(rest.at(-1).book.renewals.edges.length, 5)
  })

  test(`@stream: a list grows by the rest of it (${name})`, async () => {
    const client = connect(customers[0].token, { cache: cache() })

    const seen = await pictures(client, INSURERS_STREAMED)

    assert.equal(seen[0].insurers.edges.length, 1)
    const codes = seen.at(-1).insurers.edges.map(({ node }) => node.code)
    assert.deepEqual(codes.sort(), customers[0].accounts.map(({ insurer }) => insurer).sort())
  })
}
