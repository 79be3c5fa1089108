/**
 * A lint rule: what Windows may not have told (src/core/machine/reading.ts) is asked with `ifRead`, or compared with undefined first.
 * `?? []`, `?.find`, `!list` and the like make an unread list an empty one, and of "not known" a "none".
 */
import ts from 'typescript';
import { partsOf } from './shown-rule.js';

/** What TypeScript calls a property whose key is the symbol `told`. */
const mark = /^__@told@/;
const isMarked = (type) =>
  type.isIntersection() &&
  type.types.some((one) => one.getProperties().some(({ escapedName }) => mark.test(escapedName)));
const isEmpty = ({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0;

/** @type {import('eslint').Rule.RuleModule} */
export const readingRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      unread: 'It may be unread, which is not empty: ifRead(…) says what then, or compare it with undefined first.',
    },
  },
  create(context) {
    const { parserServices: services } = context.sourceCode;
    /** An optional chain in parentheses of its own is the chain. */
    const refuse = (node, isPattern = false) => {
      const parts = partsOf(services.getTypeAtLocation(node));
      if (parts.some(isMarked) && (isPattern || parts.some(isEmpty))) context.report({ node, messageId: 'unread' });
    };
    const test = ({ test: node }) => node && refuse(node);
    return {
      LogicalExpression: ({ left }) => refuse(left),
      MemberExpression: ({ optional, object }) => optional && refuse(object),
      UnaryExpression: ({ operator, argument }) => operator === '!' && refuse(argument),
      AssignmentPattern: ({ left }) => refuse(left, true),
      ConditionalExpression: test,
      IfStatement: test,
      WhileStatement: test,
      SvelteIfBlock: ({ expression }) => refuse(expression),
    };
  },
};
