import { likeTest, lowered } from './like'
import { numberIn } from './literals'
import { regexTest } from './regex'
import type { Comparison, Literal } from './tree'

/** Whether a value that is there holds against the one that a comparison names. Whether one is there, `IS NULL` asks, is not for these. */
export type TextTest = (text: string) => boolean
export type NumberTest = (value: number) => boolean

export function textTest(comparison: Comparison): TextTest {
  const { comparator, value } = comparison
  if (isNumeric(value)) {
    const test = numberTest(comparison)
    return (text) => {
      const number = numberIn(text)
      return number !== undefined && test(number)
    }
  }
  const wanted = String(value)
  switch (comparator) {
    case '=':
      return (text) => text === wanted
    case '!=':
      return (text) => text !== wanted
    case 'LIKE':
      return likeTest(wanted)
    case 'NOT LIKE':
      return not(likeTest(wanted))
    case 'ILIKE':
      return caseless(wanted)
    case 'NOT ILIKE':
      return not(caseless(wanted))
    case 'RLIKE':
      return regexTest(wanted, comparison)
    case 'NOT RLIKE':
      return not(regexTest(wanted, comparison))
    case 'IN':
      return anyOf(value)
    case 'NOT IN':
      return not(anyOf(value))
    default: // the parser has no others for texts
      return () => false
  }
}

/** NaN differs from every number, and is neither less nor greater. */
export function numberTest({ comparator, value }: Comparison): NumberTest {
  const [wanted = NaN] = numbersIn(value)
  switch (comparator) {
    case '=':
      return (number) => number >= wanted && number <= wanted
    case '!=':
      return (number) => !(number >= wanted && number <= wanted)
    case '<':
      return (number) => number < wanted
    case '<=':
      return (number) => number <= wanted
    case '>':
      return (number) => number > wanted
    case '>=':
      return (number) => number >= wanted
    case 'IN':
      return oneOf(numbersIn(value))
    case 'NOT IN': {
      const test = oneOf(numbersIn(value))
      return (number) => !test(number)
    }
    default:
      return () => false
  }
}

/** As SQL stores keep a metric's value: they have no infinities. */
export const stored = (value: number): number =>
  value === Infinity ? Number.MAX_VALUE : value === -Infinity ? -Number.MAX_VALUE : value

const isNumber = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'

/** Whether a comparison is with a number or numbers. */
export const isNumeric = (value: Literal): boolean => (Array.isArray(value) ? isNumber(value[0]) : isNumber(value))

const numbersIn = (value: Literal): readonly (number | bigint)[] =>
  (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(isNumber)

const not =
  (test: TextTest): TextTest =>
  (text) =>
    !test(text)

function caseless(pattern: string): TextTest {
  const test = likeTest(lowered(pattern))
  return (text) => test(lowered(text))
}

function anyOf(value: Literal): TextTest {
  const texts = new Set<unknown>(Array.isArray(value) ? value : [])
  return (text) => texts.has(text)
}

function oneOf(numbers: readonly (number | bigint)[]): NumberTest {
  return (number) => numbers.some((wanted) => number >= wanted && number <= wanted)
}
