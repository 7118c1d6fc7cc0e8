import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { getPaginationMetadata, getPaginationVariables, requestSubscription } from 'relay-runtime'
import { connect } from './environment.js'
import * as screens from './screens.js'
import { ask, order, pictures, read } from './store.js'
import * as wizard from './wizard.js'

// This folder is CommonJS, as Relay's plugin for Babel writes it; what is shared is not.
const town = import('../town.js')

async function signedIn(asked) {
  const { url, socketUrl, agentToken } = await town
  const { environment, close } = connect({ url, socketUrl, token: asked ?? agentToken })
  after(close)
  return environment
}

test('@connection and @refetchable: pages of a book grow into one list', async () => {
  const environment = await signedIn()
  const { book } = await ask(environment, screens.bookScreen, { first: 40 })
  const { paginationRequest, paginationMetadata } = getPaginationMetadata(screens.rows, 'usePaginationFragment')
  const list = () => read(environment, screens.rows, book).data.renewals

  while (list().pageInfo.hasNextPage) {
    const next = getPaginationVariables('forward', 40, list().pageInfo.endCursor, {}, {}, paginationMetadata)
    await ask(environment, paginationRequest, { ...next, id: book.__id })
  }

  const ids = list().edges.map(({ node }) => node.id)
  assert.ok(ids.length > 40)
  assert.equal(new Set(ids).size, ids.length)
})

test('@defer: figures come before rows', async () => {
  const environment = await signedIn()

  const seen = await pictures(environment, screens.deferredScreen, {})
  const [first, last] = [seen[0], seen.at(-1)].map(({ book }) => book)

  assert.ok(first.summary.total > 0)
  assert.ok(seen.length > 1)
  assert.equal(read(environment, screens.fewRows, last).data.renewals.edges.length, 5)
})

test('@stream: a list grows item by item', async () => {
  const environment = await signedIn()

  const seen = await pictures(environment, screens.streamedScreen, {})
  const counts = seen.map(({ insurers }) => insurers.edges.length)

  assert.equal(counts[0], 1)
  assert.ok(counts.at(-1) > 1)
  assert.ok(seen.at(-1).insurers.edges.every(({ node }) => node.code && node.name))
})

test('an order changes the row on every screen that shows it', async () => {
  const environment = await signedIn()
  const id = await firstRow(environment)
  const shown = (await ask(environment, screens.rowScreen, { id })).node.row
  const text = `申込書を受け取りました ${Date.now()}`

  await noted(environment, id, text)

  assert.equal(read(environment, screens.row, shown).data.notes.edges[0].node.text, text)
})

test('a book is watched, and what changes goes into the store', async () => {
  const [environment, elsewhere] = [await signedIn(), await signedIn()]
  const id = await firstRow(environment)
  const shown = (await ask(environment, screens.rowScreen, { id })).node.row
  const text = `来店予定 ${Date.now()}`

  await new Promise((resolve, reject) => {
    const watching = requestSubscription(environment, {
      subscription: screens.bookUpdated,
      variables: {},
      onNext({ bookUpdated: { entries } }) {
        if (entries.length === 0) return noted(elsewhere, id, text).catch(reject)
        watching.dispose()
        resolve()
      },
      onError: reject,
    })
  })

  assert.equal(read(environment, screens.row, shown).data.notes.edges[0].node.text, text)
})

test('a customer begins a renewal and answers its first step', async () => {
  const [customer] = (await town).customers
  const { answered } = await import('../form.js')
  const environment = await signedIn(customer.token)
  const [{ insurer, userId, password }] = customer.accounts
  await order(environment, wizard.link, { insurer: { code: insurer }, userId, password })
  const { policies } = await ask(environment, wizard.policies, {})
  const { id } = policies.edges.find(({ node }) => node.renewability.online).node

  const { renewal } = await order(environment, wizard.start, { policy: { id } })
  const shown = () => read(environment, wizard.renewal, renewal).data
  const { version, plans } = shown()
  await order(environment, wizard.answer, await answered(shown(), plans[0]))

  assert.equal(shown().version, version + 1)
})

async function firstRow(environment) {
  const { book } = await ask(environment, screens.bookScreen, { first: 1 })
  return read(environment, screens.rows, book).data.renewals.edges[0].node.id
}

const noted = (environment, entry, text) => order(environment, screens.addNote, { entryIds: [entry], text })
