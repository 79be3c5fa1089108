import fs from 'node:fs';
import { expect, test } from 'vitest';

// Windows draws its buttons over the title bar, as high as src/shell/windows.ts says, at each zoom and height of the window.
test('the title bar has one height, that of the buttons over it', () => {
  const drawn = fs
    .globSync('renderer/**/*.{css,svelte}')
    .flatMap((file) =>
      [...fs.readFileSync(file, 'utf8').matchAll(/--titlebar:\s*(\d+)px/g)].map(([, height]) => height),
    );
  const [, overlay] = /Math\.round\((\d+) \*/.exec(fs.readFileSync('src/shell/windows.ts', 'utf8')) ?? [];
  expect(drawn).toEqual([overlay]);
});
