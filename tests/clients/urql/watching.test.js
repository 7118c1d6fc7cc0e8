import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { agentToken } from '../town.js'
import { connect, connectWithSocket, overEvents } from './client.js'
import { ADD_NOTE, BOOK_PAGE, BOOK_UPDATED } from './documents.js'

test('a book is watched by server-sent events, with nothing but fetch', async () => {
  await watched(connect(agentToken, overEvents))
})

test('a book is watched on a socket', async () => {
  const { client, close } = connectWithSocket(agentToken)
  await watched(client)
  close()
})

async function watched(client) {
  const { data } = await client.query(BOOK_PAGE, { first: 1 })
  const entry = data.book.renewals.edges[0].node.id
  const text = `連絡済み ${Date.now()}`
  const note = () => client.mutation(ADD_NOTE, { input: { entryIds: [entry], text, idempotencyKey: randomUUID() } })

  const row = await new Promise((resolve, reject) => {
    const { unsubscribe } = client.subscription(BOOK_UPDATED, {}).subscribe(async ({ data, error }) => {
      if (error) return reject(error)
      const { entries } = data.bookUpdated
      if (entries.length === 0) return note()
      const found = entries.find(({ id }) => id === entry)
      if (!found) return
      unsubscribe()
      resolve(found)
    })
  })

  assert.equal(row.notes.edges[0].node.text, text)
}
