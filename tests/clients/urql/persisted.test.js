import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gql } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { agentToken } from '../town.js'
import { connect } from './client.js'

test('a document is sent once, and is known by its hash from then on', async () => {
  const sent = []
  const noting = (address, request) => {
    sent.push(JSON.parse(request.body).query ? 'document and hash' : 'hash')
    return fetch(address, request)
  }
  const exchange = persistedExchange({ preferGetForPersistedQueries: false })
  const client = connect(agentToken, { before: [exchange], fetch: noting })
  // Nobody has asked for this before: its name is new.
  const document = gql(`query Due${Date.now()} { book { id summary { total due } } }`)
  const ask = () => client.query(document, {}, { requestPolicy: 'network-only' })

  for (const { data, error } of [await ask(), await ask()]) {
    assert.equal(error, undefined)
    assert.ok(data.book.summary.total > 0)
  }

  assert.deepEqual(sent, ['hash', 'document and hash', 'hash'])
})

test('a document that is known is asked for by GET, so that what lies between may keep its answer', async () => {
  const sent = []
  const noting = (address, request) => {
    sent.push(request.method)
    return fetch(address, request)
  }
  const exchange = persistedExchange({ preferGetForPersistedQueries: true })
  const client = connect(agentToken, { before: [exchange], fetch: noting, preferGetMethod: 'within-url-limit' })
  const document = gql(`query Total${Date.now()} { book { id summary { total } } }`)
  const ask = () => client.query(document, {}, { requestPolicy: 'network-only' })

  for (const { data, error } of [await ask(), await ask()]) {
    assert.equal(error, undefined)
    assert.ok(data.book.summary.total > 0)
  }

  assert.deepEqual(sent, ['GET', 'POST', 'GET'])
})
