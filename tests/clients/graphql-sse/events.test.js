import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { afterEach, test } from 'node:test'
import { agentToken, customers } from '../town.js'
import { ask, connect } from './client.js'

const FIRST_ROW = '{ book { renewals(first: 1, filter: { list: RENEWAL }) { edges { node { id } } } } }'
const ADD_NOTE = 'mutation ($input: BookNoteAddInput!) { bookNoteAdd(input: $input) { done errors { code } } }'
const BOOK = `subscription {
  bookUpdated { summary { due } entries { id notes(first: 1) { edges { node { text } } } } }
}`

let client
afterEach(() => client.dispose())

test('queries and orders come as events, too', async () => {
  client = connect(customers[0].token)

  const { data, errors } = await ask(client, { query: '{ insurers { edges { node { code } } } }' })

  assert.equal(errors, undefined)
  assert.equal(data.insurers.edges.length, customers[0].accounts.length)
})

test('a book is watched: how it stands at once, then what changed', async () => {
  client = connect(agentToken)
  const { data } = await ask(client, { query: FIRST_ROW })
  const id = data.book.renewals.edges[0].node.id
  const text = `来店予定 ${Date.now()}`

  const events = client.iterate({ query: BOOK })
  const first = (await events.next()).value.data.bookUpdated
  await ask(client, { query: ADD_NOTE, variables: { input: { entryIds: [id], text, idempotencyKey: randomUUID() } } })
  const next = (await events.next()).value.data.bookUpdated
  await events.return()

  assert.deepEqual(first.entries, [])
  assert.equal(next.entries[0].id, id)
  assert.equal(next.entries[0].notes.edges[0].node.text, text)
})

test('what is not visible ends at once, and says nothing about whether it exists', async () => {
  client = connect(customers[0].token)

  const heard = []
  const query = 'subscription ($id: ID!) { renewalUpdated(id: $id) { id } }'
  for await (const event of client.iterate({ query, variables: { id: 'somebody else’s' } })) heard.push(event)

  assert.deepEqual(heard, [])
})

test('a document that is none is told as errors of the answer', async () => {
  client = connect(agentToken)

  const { data, errors } = await ask(client, { query: '{ viewer { shoeSize } }' })

  assert.equal(data ?? null, null)
  assert.match(errors[0].message, /shoeSize/)
})

test('a document that is known is asked for by its hash', async () => {
  client = connect(agentToken)
  const query = `query Due${Date.now()} { book { summary { due } } }`
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } }

  const unknown = await ask(client, { extensions })
  const sent = await ask(client, { query, extensions })
  const known = await ask(client, { extensions })

  assert.equal(unknown.errors[0].extensions.code, 'PERSISTED_QUERY_NOT_FOUND')
  assert.deepEqual(known.data, sent.data)
})

test('a token that nobody signed is refused before anything is streamed', async () => {
  client = connect('not a token')

  await assert.rejects(ask(client, { query: '{ viewer { id } }' }), ({ response }) => response.status === 401)
})
