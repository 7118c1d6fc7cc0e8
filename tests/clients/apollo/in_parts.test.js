import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental'
import { agentToken, customers } from '../town.js'
import { pictures } from './arriving.js'
import { connect } from './client.js'
import { BOOK_DEFERRED, OFFERS, SHARE, START_COMPARISON } from './documents.js'
import { link, order, policies } from './journey.js'

// Either edition of the draft: the one with paths, and the one with ids.
const HANDLERS = [
  [new Defer20220824Handler(), customers[1]],
  [new GraphQL17Alpha9Handler(), customers[2]],
]

for (const [incrementalHandler, customer] of HANDLERS) {
  const edition = incrementalHandler.constructor.name

  test(`@defer: a book's figures come before its rows (${edition})`, async () => {
    const client = connect(agentToken, { incrementalHandler })

    const [first, ...rest] = await pictures(client, BOOK_DEFERRED)

    assert.ok(first.book.summary.total > 0)
    assert.equal(first.book.renewals, undefined)
    assert.equal(rest.at(-1).book.renewals.edges.length, 5)
  })

  test(`@stream: plans come as insurers answer (${edition})`, async () => {
    const client = connect(customer.token, { incrementalHandler })
    const id = await compared(client, customer)

    const seen = await pictures(client, OFFERS, { id })
    const offers = seen.at(-1).comparison.offers

    assert.deepEqual(seen[0].comparison.offers, [])
    const insurers = customer.accounts.map(({ insurer }) => insurer)
    assert.deepEqual(new Set(offers.map(({ insurer }) => insurer.code)), new Set(insurers))
    assert.ok(offers.every(({ id, name, premium }) => id && name && premium.total > 0))
    assert.equal(new Set(offers.map(({ id }) => id)).size, offers.length)
  })
}

/** Begin a comparison of the customer's first policy, and agree to everything that an insurer would be told. */
async function compared(client, customer) {
  for (const account of customer.accounts) await link(client, account)
  const [{ node }] = (await policies(client)).edges
  const { comparison, errors } = await order(client, START_COMPARISON, { policies: [{ id: node.id }] })
  assert.deepEqual(errors, [])
  for (const { insurer, hash, needed } of comparison.disclosures) {
    if (!needed) continue
    const agreed = { comparisonId: comparison.id, insurer: { code: insurer.code }, granted: true, disclosureHash: hash }
    assert.deepEqual((await order(client, SHARE, agreed)).errors, [])
  }
  return comparison.id
}
