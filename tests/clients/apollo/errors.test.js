import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CombinedGraphQLErrors, gql } from '@apollo/client'
import { customers } from '../town.js'
import { connect } from './client.js'
import { ANSWER_STEP } from './documents.js'
import { link, order, policies, start } from './journey.js'

const [, , , customer] = customers

test('what was not done is data, and says in a type of its own what to go on with', async () => {
  const client = connect(customer.token)
  await link(client, customer.accounts[0])
  const [{ node }] = (await policies(client)).edges
  const { id, version, currentStep } = await start(client, node)

  const stale = { flowId: id, stepId: currentStep.id, expectedVersion: version - 1, answers: [] }
  const { errors } = await order(client, ANSWER_STEP, stale)

  assert.equal(errors.length, 1)
  assert.equal(errors[0].__typename, 'ConflictError')
  assert.equal(errors[0].code, 'VERSION_CONFLICT')
  assert.equal(errors[0].currentVersion, version)
  assert.ok(errors[0].message)
})

test('a document that is none is refused in words that Apollo reads as GraphQL errors', async () => {
  const asked = connect(customer.token).query({ query: gql`{ viewer { shoeSize } }` })

  await assert.rejects(asked, (error) => {
    assert.ok(CombinedGraphQLErrors.is(error))
    assert.match(error.errors[0].message, /shoeSize/)
    return true
  })
})

test('a token that nobody signed is refused with a code', async () => {
  const asked = connect('not a token').query({ query: gql`{ viewer { id } }` })

  await assert.rejects(asked, (error) => {
    assert.ok(CombinedGraphQLErrors.is(error))
    assert.equal(error.errors[0].extensions.code, 'UNAUTHENTICATED')
    return true
  })
})
