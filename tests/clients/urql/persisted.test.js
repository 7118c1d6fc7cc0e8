import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gql } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { agentToken } from '../town.js'
import { connect } from './client.js'

// With GET, what lies between may keep the answer to a document that is known.
for (const method of ['POST', 'GET']) {
  test(`a document is sent once, and is known by its hash from then on (${method})`, async () => {
    const sent = []
    const noting = (address, request) => {
      const { query } = request.body ? JSON.parse(request.body) : Object.fromEntries(new URL(address).searchParams)
      sent.push(`${request.method} ${query ? 'document and hash' : 'hash'}`)
      return fetch(address, request)
    }
    const exchange = persistedExchange({ preferGetForPersistedQueries: method === 'GET' })
    const client = connect(agentToken, { before: [exchange], fetch: noting })
    // Nobody has asked for this before: its name is new.
    const document = gql(`query Due${Date.now()} { book { id summary { total due } } }`)
    const ask = () => client.query(document, {}, { requestPolicy: 'network-only' })

    for (const { data, error } of [await ask(), await ask()]) {
      assert.equal(error, undefined)
      assert.ok(data.book.summary.total > 0)
    }

    assert.deepEqual(sent, [`${method} hash`, `${method} document and hash`, `${method} hash`])
  })
}
