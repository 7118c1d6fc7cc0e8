import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { customers } from '../town.js'
import { connect } from './client.js'
import { LINK, POLICIES } from './documents.js'

const [customer] = customers

test('a customer links accounts and reads policies', async () => {
  const client = connect(customer.token)

  for (const { insurer, userId, password } of customer.accounts) {
    const input = { insurer: { code: insurer }, userId, password, idempotencyKey: randomUUID() }
    const { data } = await client.mutation(LINK, { input })
    assert.deepEqual(data.insurerLinkCreate.errors, [])
    assert.equal(data.insurerLinkCreate.link.state, 'LINKED')
  }
  const { data, error } = await client.query(POLICIES, {})

  assert.equal(error, undefined)
  assert.ok(data.policies.providers.every(({ state }) => state === 'OK'))
  const numbers = data.policies.edges.map(({ node }) => node.number).sort()
  assert.deepEqual(numbers, customer.accounts.flatMap(({ policies }) => policies).sort())
})

test('what is wrong with a document is an error beside no data', async () => {
  const { data, error } = await connect(customer.token).query('{ viewer { shoeSize } }', {})

  assert.equal(data, undefined)
  assert.match(error.graphQLErrors[0].message, /shoeSize/)
})
