import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { ApolloLink, gql } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { agentToken } from '../town.js'
import { connect } from './client.js'

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

test('a document is sent once, and is known by its hash from then on', async () => {
  const sent = []
  const client = connect(agentToken, { before: [new PersistedQueryLink({ sha256 }), noting(sent)] })
  const ask = (total) => client.query({ query: summary(total), fetchPolicy: 'network-only' })
  // Nobody has asked for this before: its name is new.
  const name = `Due${Date.now()}`

  assert.ok((await ask(name)).data.book.summary.total > 0)
  assert.ok((await ask(name)).data.book.summary.total > 0)

  assert.deepEqual(sent, ['hash', 'document and hash', 'hash'])
})

const summary = (name) => gql(`query ${name} { book { id summary { total due } } }`)

/** Notes what goes out: PersistedQueryLink says to the link behind it whether the document is to travel. */
const noting = (sent) =>
  new ApolloLink((operation, forward) => {
    sent.push(operation.getContext().http.includeQuery ? 'document and hash' : 'hash')
    return forward(operation)
  })
