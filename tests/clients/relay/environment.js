/** Relay's environment at the gateway: queries and orders by fetch, subscriptions on a socket. */

import { createClient } from 'graphql-ws'
import { meros } from 'meros/browser'
import { Environment, Network, Observable, RecordSource, Store } from 'relay-runtime'
import WebSocket from 'ws'
import { payloads } from './payloads.js'

const ACCEPT = 'multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9'

/** @param gateway where it is, and the token of who asks */
export function connect({ url, socketUrl, token }) {
  const authorization = { Authorization: `Bearer ${token}` }
  const socket = createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: authorization })

  async function* answers({ text, name }, variables) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: ACCEPT, ...authorization },
      body: JSON.stringify({ query: text, operationName: name, variables }),
    })
    const parts = await meros(response)
    if (parts === response) yield* payloads(await response.json())
    else for await (const { body } of parts) yield* payloads(body)
  }

  const fetched = (request, variables) =>
    Observable.create((sink) => {
      const drain = async () => {
        for await (const payload of answers(request, variables)) sink.next(payload)
      }
      drain().then(sink.complete, sink.error)
    })

  const subscribed = ({ text, name }, variables) =>
    Observable.create((sink) => socket.subscribe({ query: text, operationName: name, variables }, sink))

  const environment = new Environment({
    network: Network.create(fetched, subscribed),
    store: new Store(new RecordSource()),
  })
  return { environment, close: () => socket.dispose() }
}
