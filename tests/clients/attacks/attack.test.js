import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentToken, bearer, url } from '../town.js'

const JSON_BODY = { 'Content-Type': 'application/json', ...bearer(agentToken) }
const times = (count, write) => Array.from({ length: count }, (_, index) => write(index)).join(' ')

test('a field under a hundred and one names is refused', async () => {
  await refused(`{ ${times(101, (n) => `a${n}: __typename`)} }`)
})

test('many operations in one request are refused', async () => {
  const { status, body } = await posted(Array.from({ length: 10 }, () => ({ query: '{ __typename }' })))

  assert.equal(status, 400)
  assert.equal(body.data, undefined)
  assert.equal(body.errors.length, 1)
})

test('ten directives that nobody knows are refused once', async () => {
  const { body } = await posted({ query: `{ __typename ${times(10, () => '@aa')} }` })

  assert.equal(body.data, undefined)
  assert.equal(body.errors.length, 1)
})

test('the schema is not walked in circles', async () => {
  const deeper = (depth) => (depth ? `fields { type { name ${deeper(depth - 1)} } }` : '')
  await refused(`{ __schema { types { name ${deeper(6)} } } }`)
})

test('a field five hundred times over is refused', async () => {
  await refused(`{ ${times(500, () => '__typename')} }`)
  await refused(`{ ${times(500, () => 'viewer { id }')} }`)
})

test('nobody is shown a page to write queries in', async () => {
  for (const path of ['/', '/graphql', '/graphiql', '/playground', '/console', '/altair', '/explorer']) {
    const response = await fetch(new URL(path, url), { headers: { Accept: 'text/html' } })
    assert.doesNotMatch(await response.text(), /graphiql|playground|sandbox|explorer/i, path)
  }
})

test('a link changes nothing', async () => {
  const response = await fetch(`${url}?query=${encodeURIComponent('mutation { __typename }')}`, {
    headers: bearer(agentToken),
  })

  assert.equal(response.status, 405)
  assert.equal((await response.json()).data, undefined)
})

test('a form of another site is not heard', async () => {
  for (const query of ['{ __typename }', 'mutation { __typename }']) {
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ query }) })

    assert.equal(response.status, 415)
    assert.equal((await response.json()).data, undefined)
  }
})

test('nobody is told how long each field took', async () => {
  const { body } = await posted({ query: '{ viewer { id } }', extensions: { tracing: true } })

  assert.ok(body.data.viewer.id)
  assert.deepEqual(Object.keys(body.extensions), ['cost'])
})

test('who mistypes a name is proposed none', async () => {
  for (const query of ['{ viewe { id } }', '{ viewer { iid } }', '{ node(idd: "x") { id } }', '{ ... on Polic { id } }']) {
    assert.doesNotMatch(await refused(query), /did you mean/i)
  }
})

test('nobody is told the schema', async () => {
  await refused('{ __schema { types { name } } }')
  await refused('{ __type(name: "Query") { fields { name } } }')
  await refused('{ _service { sdl } }')
})

test('what goes wrong shows no inside', async () => {
  for (const query of ['aaa', 'query cop { abc }', '{ node(id: 1e400) { id } }', 'query ($x: Nothing) { __typename }', 7]) {
    const { status, body } = await posted({ query })

    assert.ok(status < 500)
    assert.doesNotMatch(JSON.stringify(body), /traceback|exception|stacktrace|\.py|site-packages/i)
    assert.ok(body.errors.every(({ message, extensions }) => message && extensions.code && extensions.requestId))
  }
})

/** Answers the words of the refusal. */
async function refused(query) {
  const { body } = await posted({ query })
  assert.ok(body.data == null || Object.values(body.data).every((one) => one === null), JSON.stringify(body.data))
  return body.errors.map(({ message }) => message).join('\n')
}

async function posted(body) {
  const response = await fetch(url, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}
