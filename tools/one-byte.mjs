/**
 * Escapes what is not ASCII, in strings and expressions alike: the engine keeps a source with one Chinese letter in it at two
 * bytes a letter, for as long as the app runs.
 */
export const oneByte = {
  name: 'one-byte',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk')
        chunk.code = chunk.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
  },
};
