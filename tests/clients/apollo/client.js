import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { Defer20220824Handler } from '@apollo/client/incremental'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import { createClient } from 'graphql-ws'
import { relayStylePagination } from '@apollo/client/utilities'
import WebSocket from 'ws'
import { possibleTypes } from '../schema.js'
import { bearer, socketUrl, url } from '../town.js'

/** What a page of a list is kept under: everything that decides what is in the list, and not where a page begins. */
const cache = () =>
  new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Query: { fields: { policies: relayStylePagination(['filter', 'direction']) } },
      Book: { fields: { renewals: relayStylePagination(['filter', 'orderBy']) } },
    },
  })

export function connect(token, { incrementalHandler = new Defer20220824Handler(), before = [] } = {}) {
  const http = new HttpLink({ uri: url, headers: bearer(token) })
  return new ApolloClient({ cache: cache(), link: ApolloLink.from([...before, http]), incrementalHandler })
}

/** The same, with subscriptions on a socket; `http` alone takes them as multipart answers. */
export function connectWithSocket(token) {
  const socket = createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: bearer(token),
  })
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: url, headers: bearer(token) }),
  )
  const client = new ApolloClient({ cache: cache(), link })
  return { client, close: () => socket.dispose() }
}
