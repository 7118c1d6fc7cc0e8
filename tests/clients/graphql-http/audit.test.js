import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverAudits } from 'graphql-http'
import { url } from '../town.js'

const AUDITS = 61

const audits = serverAudits({ url, fetchFn: fetch })

test('every audit of the suite is held', () => assert.equal(audits.length, AUDITS))

// What a server SHOULD and MAY do is held, too: its own runner would call a miss a warning or a notice.
for (const { id, name, fn } of audits) {
  test(`${id} ${name}`, async () => {
    const { status, reason } = await fn()
    assert.equal(status, 'ok', reason)
  })
}
