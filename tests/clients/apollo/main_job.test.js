import assert from 'node:assert/strict'
import { test } from 'node:test'
import { customers } from '../town.js'
import { connect } from './client.js'
import { COMPARE } from './documents.js'
import { link, policies, start, submit, walk } from './journey.js'

test('a customer links accounts, reads policies, compares plans and renews', async () => {
  const [customer] = customers
  const client = connect(customer.token)

  for (const account of customer.accounts) assert.equal((await link(client, account)).state, 'LINKED')
  const { edges, providers } = await policies(client)
  assert.ok(providers.every(({ state }) => state === 'OK'))

  const renewals = []
  for (const { node } of edges.filter(({ node }) => node.renewability.online)) renewals.push(await start(client, node))
  assert.equal(renewals.length, customer.accounts.length)

  const { data } = await client.query({ query: COMPARE, variables: { renewals: renewals.map(({ id }) => id) } })
  const plans = renewals.flatMap((renewal) => renewal.plans.map(({ id }) => id))
  assert.deepEqual(new Set(data.comparePlans.offers.map(({ id }) => id)), new Set(plans))

  for (const begun of renewals) {
    const ready = await walk(client, begun)
    assert.equal(ready.status, 'READY')

    const { renewal, errors } = await submit(client, ready)
    assert.deepEqual(errors, [])
    assert.equal(renewal.status, 'ACCEPTED')
    assert.equal(renewal.policy.successorNumber, renewal.result.newPolicyNumber)
  }
})
