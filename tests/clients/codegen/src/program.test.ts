import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bookPage } from './book.js'
import { Gateway, Refused } from './gateway.js'
import { link, renew, renewable } from './renewal.js'
import { agentToken, customers, url } from './town.js'

test('an agent reads the whole book, page after page', async () => {
  const { summary, total, rows } = await bookPage(new Gateway(url, agentToken), 40)

  assert.equal(rows.length, total)
  assert.equal(new Set(rows.map(({ id }) => id)).size, total)
  assert.ok(summary.byBlocker.every(({ label }) => label))
  assert.ok(rows.every(({ dueAt }) => !Number.isNaN(Date.parse(dueAt))))
})

test('a customer renews at every insurer', async () => {
  const [customer] = customers
  const gateway = new Gateway(url, customer.token)
  for (const account of customer.accounts) await link(gateway, account)

  const policies = await renewable(gateway)
  assert.equal(policies.length, customer.accounts.length)
  for (const { id } of policies) {
    const { status, result } = await renew(gateway, id)
    assert.equal(status, 'ACCEPTED')
    assert.ok(result?.newPolicyNumber)
  }
})

test('who is nobody is told so', async () => {
  await assert.rejects(bookPage(new Gateway(url, 'not a token'), 1), (error: unknown) => {
    assert.ok(error instanceof Refused)
    assert.equal(error.errors[0]?.extensions?.code, 'UNAUTHENTICATED')
    return true
  })
})
