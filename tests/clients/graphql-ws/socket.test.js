import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { afterEach, test } from 'node:test'
import { agentToken, customers } from '../town.js'
import { ask, connect } from './client.js'

const FIRST_ROW = '{ book { renewals(first: 1, filter: { list: RENEWAL }) { edges { node { id } } } } }'
const ADD_NOTE = 'mutation ($input: BookNoteAddInput!) { bookNoteAdd(input: $input) { done errors { code } } }'
const BOOK = `subscription ($days: Int!) {
  bookUpdated(dueWithinDays: $days) { summary { due } entries { id notes(first: 1) { edges { node { text } } } } }
}`

let client
afterEach(() => client.dispose())

test('queries and orders go over the socket, too', async () => {
  client = connect(customers[0].token)

  const { data, errors } = await ask(client, { query: '{ viewer { displayName } insurers { edges { node { code } } } }' })

  assert.equal(errors, undefined)
  assert.equal(data.insurers.edges.length, customers[0].accounts.length)
})

test('a book is watched: how it stands at once, then what changed', async () => {
  client = connect(agentToken)
  const { data } = await ask(client, { query: FIRST_ROW })
  const id = data.book.renewals.edges[0].node.id
  const text = `折り返し ${Date.now()}`

  const events = client.iterate({ query: BOOK, variables: { days: 60 } })
  const first = (await events.next()).value.data.bookUpdated
  await ask(client, { query: ADD_NOTE, variables: { input: { entryIds: [id], text, idempotencyKey: randomUUID() } } })
  const next = (await events.next()).value.data.bookUpdated
  await events.return()

  assert.deepEqual(first.entries, [])
  assert.equal(next.entries[0].id, id)
  assert.equal(next.entries[0].notes.edges[0].node.text, text)
})

test('several operations share one socket, and one that ends takes no other with it', async () => {
  let sockets = 0
  client = connect(agentToken, { lazy: true, on: { connected: () => (sockets += 1) } })
  const open = [20, 40, 60].map((days) => client.iterate({ query: BOOK, variables: { days } }))

  const dues = []
  for (const events of open) dues.push((await events.next()).value.data.bookUpdated.summary.due)
  await open[0].return()
  const { data } = await ask(client, { query: '{ viewer { id } }' })
  for (const events of open) await events.return()

  assert.ok(dues[0] <= dues[1] && dues[1] <= dues[2])
  assert.ok(data.viewer.id)
  assert.equal(sockets, 1)
})

test('what is not visible ends at once, and says nothing about whether it exists', async () => {
  client = connect(customers[0].token)

  const heard = []
  const query = 'subscription ($id: ID!) { renewalUpdated(id: $id) { id } }'
  for await (const event of client.iterate({ query, variables: { id: 'somebody else’s' } })) heard.push(event)

  assert.deepEqual(heard, [])
})

test('a document that is none is an error of that operation, and the socket stays', async () => {
  client = connect(agentToken)

  const asked = ask(client, { query: '{ viewer { shoeSize } }' })
  await assert.rejects(asked, ([error]) => /shoeSize/.test(error.message))

  assert.ok((await ask(client, { query: '{ viewer { id } }' })).data.viewer.id)
})

test('a document that is known is asked for by its hash', async () => {
  client = connect(agentToken)
  const query = `query Due${Date.now()} { book { summary { due } } }`
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } }
  // The protocol wants a text in any case, and here it is empty.
  const hash = { query: '', extensions }

  await assert.rejects(ask(client, hash), ([error]) => error.extensions.code === 'PERSISTED_QUERY_NOT_FOUND')
  const sent = await ask(client, { query, extensions })
  const known = await ask(client, hash)

  assert.deepEqual(known.data, sent.data)
})

test('a token that nobody signed closes the socket with a code', async () => {
  client = connect('not a token')

  await assert.rejects(ask(client, { query: '{ viewer { id } }' }), ({ code }) => code === 4403)
})

test('a connection that is idle is kept alive', async () => {
  const answered = new Promise((resolve) => {
    const pong = (received) => received && resolve(received)
    client = connect(agentToken, { lazy: false, keepAlive: 50, on: { pong } })
  })

  assert.equal(await answered, true)
})
