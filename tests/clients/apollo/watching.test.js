import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentToken } from '../town.js'
import { connect, connectWithSocket } from './client.js'
import { ADD_NOTE, BOOK_PAGE, BOOK_UPDATED } from './documents.js'
import { order } from './journey.js'

test('a book is watched by a multipart answer', async () => {
  await watched(connect(agentToken))
})

test('a book is watched on a socket', async () => {
  const { client, close } = connectWithSocket(agentToken)
  await watched(client)
  close()
})

async function watched(client) {
  const { data } = await client.query({ query: BOOK_PAGE, variables: { first: 1 } })
  const entry = data.book.renewals.edges[0].node.id
  const text = `連絡済み ${Date.now()}`

  const event = await new Promise((resolve, reject) => {
    const watching = client.subscribe({ query: BOOK_UPDATED }).subscribe({
      async next({ data, error }) {
        if (error) return reject(error)
        const { summary, entries } = data.bookUpdated
        if (entries.length === 0) return order(client, ADD_NOTE, { entryIds: [entry], text }).catch(reject)
        if (entries.some(({ id }) => id === entry)) {
          watching.unsubscribe()
          resolve({ summary, entries })
        }
      },
      error: reject,
    })
  })

  const row = event.entries.find(({ id }) => id === entry)
  assert.equal(row.notes.edges[0].node.text, text)
  assert.ok(event.summary.total > 0)
}
