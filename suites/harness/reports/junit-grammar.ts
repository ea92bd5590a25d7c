/**
 * What Jenkins' xUnit plugin takes: the grammar of its schema junit-10.xsd, told in our words. GitLab reads the same
 * elements, and no properties of a test case either.
 */
import type { Element } from './xml-reader.ts'

interface Rule {
  attributes: RegExp
  required: readonly string[]
  children: readonly string[]
}

const message: Rule = { attributes: /^(type|message)$/, required: [], children: [] }
const output: Rule = { attributes: /^$/, required: [], children: [] }

const rules: Record<string, Rule> = {
  testsuites: { attributes: /^(name|time|tests|failures|errors)$/, required: [], children: ['testsuite'] },
  testsuite: {
    attributes: /^(name|tests|failures|errors|group|time|skipped|timestamp|hostname|id|package|file|log|url)$/,
    required: ['name', 'tests', 'failures', 'errors'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { attributes: /^$/, required: [], children: ['property'] },
  property: { attributes: /^(name|value)$/, required: ['name', 'value'], children: [] },
  testcase: {
    attributes: /^(name|time|classname|group)$/,
    required: ['name'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  skipped: message,
  error: message,
  failure: message,
  'system-out': output,
  'system-err': output,
}

/** Seconds with or without a fraction, thousands grouped or not. */
const isTime = (text: string): boolean => /^(\d{1,3}(,\d{3})*|\d*)(\.\d*)?$/.test(text)

/** What the schema does not take of an element and of all in it, a line each. */
export const notTaken = ({ name, attributes, children, text }: Element): string[] => {
  const rule = rules[name]
  if (!rule) return [`<${name}> is no element`]
  const mayHaveText = rule === message || rule === output
  return [
    ...Object.keys(attributes)
      .filter((key) => !rule.attributes.test(key))
      .map((key) => `<${name}> has no attribute ${key}`),
    ...rule.required.filter((key) => attributes[key] === undefined).map((key) => `<${name}> lacks ${key}`),
    ...(attributes.time !== undefined && !isTime(attributes.time) ? [`<${name}> takes ${attributes.time}`] : []),
    ...(text.trim() !== '' && !mayHaveText ? [`<${name}> has text`] : []),
    ...children.flatMap((child) => [
      ...(rule.children.includes(child.name) ? [] : [`<${name}> has no <${child.name}>`]),
      ...notTaken(child),
    ]),
  ]
}
