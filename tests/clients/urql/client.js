import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core'
import { cacheExchange as graphcache } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { introspectionFromSchema } from 'graphql'
import { createClient as createSocket } from 'graphql-ws'
import WebSocket from 'ws'
import { schema } from '../schema.js'
import { bearer, socketUrl, url } from '../town.js'

/** A client that asks by POST, whatever the document is, and takes answers in parts and events as they come. */
export function connect(token, { cache = cacheExchange, before = [], ...options } = {}) {
  return new Client({
    url,
    exchanges: [cache, ...before, fetchExchange],
    fetchOptions: { headers: bearer(token) },
    preferGetMethod: false,
    ...options,
  })
}

/** Keeps every object once, under its type and id, and every list as long as it has grown. */
export const normalized = () =>
  graphcache({
    schema: introspectionFromSchema(schema),
    keys: { BookSummary: () => null }, // It has no id, and is kept within its book.
    resolvers: { Book: { renewals: relayPagination() } },
  })

/**
 * Subscriptions as server-sent events. Urql leaves a stream by aborting its request, and nobody hears the
 * rejection; with this the stream ends for it as if there were no more.
 */
export const overEvents = {
  fetchSubscriptions: true,
  async fetch(address, { signal, ...request }) {
    const response = await fetch(address, request)
    const { readable, writable } = new TransformStream()
    const piped = response.body.pipeTo(writable, { signal, preventAbort: true })
    piped.catch(() => writable.close()).catch(() => {}) // Closed is closed, whichever end was first.
    return new Response(readable, response)
  },
}

/** The same client with subscriptions on a socket. */
export function connectWithSocket(token) {
  const socket = createSocket({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: bearer(token) })
  const exchange = subscriptionExchange({
    forwardSubscription: ({ query, variables }) => ({
      subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
    }),
  })
  return { client: connect(token, { before: [exchange] }), close: () => socket.dispose() }
}
