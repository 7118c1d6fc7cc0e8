/** What does not compile, so that no app is wrong in these ways. `tsc` fails when one of them does. */

import type { AnswerValueInput, InsurerRef, RequirementFragment } from '../__generated__/gql/graphql.js'

// @ts-expect-error One of the two, and not both.
export const ambiguous: InsurerRef = { code: 'any', id: 'any' }

// @ts-expect-error One of them, and not none.
export const silent: AnswerValueInput = {}

// @ts-expect-error A whole number of units, and not text.
export const spelled: AnswerValueInput = { number: '2' }

// @ts-expect-error No such kind of requirement.
export const unheard: RequirementFragment['__typename'] = 'QuestionRequirement'
