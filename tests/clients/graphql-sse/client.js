import { createClient } from 'graphql-sse'
import { bearer, url } from '../town.js'

/** Every operation has a connection of its own (`singleConnection: false`), and ends with it. */
export const connect = (token, options = {}) =>
  createClient({ url, headers: bearer(token), singleConnection: false, retryAttempts: 0, ...options })

/** The one answer of a query or an order. */
export async function ask(client, operation) {
  for await (const answer of client.iterate(operation)) return answer
}
