/**
 * A lint rule for components: a property of what others have named (`vm.name`) is put on screen through shown(), never as it is. What is
 * prose of ours by its type (`Words`) may stand; so may what a function has made.
 */
import ts from 'typescript';

/** Of `A | B`: both. */
export const partsOf = (type) => (type.isUnion() ? type.types : [type]);
// Any string: neither a literal nor one of our own types.
const stringFlag = ts.TypeFlags.String;
/** What others give a text to. */
const given =
  /^(?:name|userName|user|account|machine|host|pc|vm|caption|model|manufacturer|switchName|adapter|problem|message|exception|address|prefix)$/;
const spoken = new Set(['title', 'alt', 'placeholder', 'aria-label', 'aria-description', 'aria-roledescription']);

export const shownRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { raw: 'A text of others is seen through shown() or a text of the dictionary only.' },
  },
  create(context) {
    const { parserServices: services } = context.sourceCode;
    const isRaw = (node) => partsOf(services.getTypeAtLocation(node)).some(({ flags }) => (flags & stringFlag) !== 0);
    const check = (node) => {
      if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate].forEach(check);
      if (node.type === 'LogicalExpression') return [node.left, node.right].forEach(check);
      if (node.type === 'TemplateLiteral') return node.expressions.forEach(check);
      if (node.type === 'ChainExpression') return check(node.expression);
      if (node.type === 'MemberExpression' && given.test(node.property.name) && isRaw(node))
        context.report({ node, messageId: 'raw' });
    };
    return {
      SvelteMustacheTag(node) {
        const { parent } = node;
        if (parent.type === 'SvelteAttribute' ? spoken.has(parent.key.name) : parent.type !== 'SvelteStyleDirective')
          check(node.expression);
      },
    };
  },
};
