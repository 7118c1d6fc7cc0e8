/**
 * One frame of an answer in parts, as the payloads that Relay reads: one for each patch, and for each item of a list
 * one with its place in it. Relay knows a patch by its label, and the end by `is_final`.
 */
export function* payloads({ incremental = [], hasNext = false, ...whole }) {
  const patches = incremental.flatMap(({ items, data, path, label, errors }) =>
    items
      ? items.map((item, place) => ({ data: item, path: [...path.slice(0, -1), path.at(-1) + place], label, errors }))
      : { data, path, label, errors },
  )
  if ('data' in whole || whole.errors) patches.unshift(whole)
  const last = hasNext ? undefined : patches.at(-1)
  for (const patch of patches) yield { ...patch, extensions: { ...patch.extensions, is_final: patch === last } }
}
