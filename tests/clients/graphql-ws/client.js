import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { socketUrl } from '../town.js'

/** A socket that opens with the first operation. The token goes in the first message: browsers set no headers. */
export const connect = (token, options = {}) =>
  createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: token && { Authorization: `Bearer ${token}` },
    retryAttempts: 0,
    ...options,
  })

/** The one answer of a query or an order. */
export async function ask(client, operation) {
  for await (const answer of client.iterate(operation)) return answer
}
