import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { expect, sharedTest, test } from './app.js';

test.use({ options: { direct: true } });

sharedTest('a page that was taken over reaches neither Node nor Electron', async ({ hypernest, page, electronApp }) => {
  await hypernest.state();
  const reach = await page.evaluate(() => {
    const world = globalThis as unknown as Record<string, unknown>;
    return ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in world);
  });
  expect(reach).toEqual([]);
  expect(
    await page.evaluate(() => Object.keys((globalThis as unknown as { hypernest: object }).hypernest).sort()),
  ).toEqual(['call', 'on']);
  const preferences = await electronApp.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { contextIsolation, sandbox, nodeIntegration, webSecurity } = contents.getLastWebPreferences();
    return { contextIsolation, sandbox, nodeIntegration, webSecurity };
  });
  expect(preferences).toEqual({ contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true });
});

sharedTest(
  'an injected script, style or remote file is refused by the content security policy',
  async ({ hypernest, page }) => {
    await hypernest.state();
    const refused = await page.evaluate(async () => {
      const directives: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => directives.push(event.effectiveDirective));
      const world = globalThis as unknown as { taken?: boolean };
      const script = 'data:text/javascript,globalThis.taken=true';
      await import(script).catch(() => undefined);
      const style = document.createElement('style');
      style.textContent = 'body { opacity: 0.5 }';
      document.head.append(style);
      const frame = document.createElement('iframe');
      frame.src = 'https://example.org/';
      document.body.append(frame);
      const image = new Image();
      image.src = 'https://example.org/pixel.png';
      await fetch('https://example.org/').catch(() => undefined);
      const eventually = async (): Promise<void> => {
        while (new Set(directives).size < 5) await new Promise((resolve) => requestAnimationFrame(resolve));
      };
      await Promise.race([eventually(), new Promise((resolve) => setTimeout(resolve, 5000))]);
      const opacity = getComputedStyle(document.body).opacity;
      for (const added of [style, frame]) added.remove();
      return { directives: [...new Set(directives)].sort(), taken: world.taken === true, opacity };
    });
    expect(refused.taken).toBe(false);
    expect(refused.opacity).toBe('1');
    expect(refused.directives).toEqual(
      expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'script-src-elem', 'style-src-elem']),
    );
  },
);

sharedTest('text becomes neither markup nor script, whoever writes it into the page', async ({ hypernest, page }) => {
  await hypernest.ready();
  await expect(hypernest.option('dev-box')).toBeVisible();
  const refused = await page.evaluate(() => {
    const world = globalThis as unknown as {
      taken?: boolean;
      trustedTypes: { createPolicy(name: string, rules: object): unknown };
    };
    const text = '<img src=x onerror="globalThis.taken = true">';
    const tries: Record<string, () => unknown> = {
      innerHTML: () => (document.createElement('div').innerHTML = text),
      insertAdjacentHTML: () => document.body.insertAdjacentHTML('beforeend', text),
      createContextualFragment: () => document.createRange().createContextualFragment(text),
      srcdoc: () => (document.createElement('iframe').srcdoc = text),
      'script.text': () => (document.createElement('script').text = 'globalThis.taken = true'),
      DOMParser: () => new DOMParser().parseFromString(text, 'text/html'),
      // Svelte has made its own already: nobody makes a second one of that name, nor one of another.
      'its policy': () =>
        world.trustedTypes.createPolicy('svelte-trusted-html', { createHTML: (html: string) => html }),
      'any policy': () => world.trustedTypes.createPolicy('mine', {}),
      'default policy': () => world.trustedTypes.createPolicy('default', {}),
    };
    const got = Object.entries(tries).flatMap(([name, act]) => {
      try {
        act();
        return [name];
      } catch {
        return [];
      }
    });
    return { got, taken: world.taken === true };
  });
  expect(refused).toEqual({ got: [], taken: false });
});

test('the window goes nowhere else, opens no other, and is granted nothing', async ({
  hypernest,
  page,
  electronApp,
}) => {
  await hypernest.state();
  const here = page.url();
  await page.evaluate(() => {
    location.href = 'https://example.org/';
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'file:///etc/passwd';
    document.body.append(link);
    link.click();
    link.remove();
  });
  expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true);
  expect(page.url()).toBe(here);
  expect(await electronApp.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  const granted = await page.evaluate(async () => {
    const asked = await Promise.allSettled([
      navigator.mediaDevices.getUserMedia({ audio: true }),
      new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject, { timeout: 3000 })),
      Notification.requestPermission().then((answer) =>
        answer === 'granted' ? answer : Promise.reject(new Error(answer)),
      ),
    ]);
    return asked.filter((one) => one.status === 'fulfilled').length;
  });
  expect(granted).toBe(0);
});

sharedTest('main answers no name and no shape that it does not know', async ({ hypernest }) => {
  const bad: [string, unknown][] = [
    ['exec', { command: 'calc' }],
    ['__proto__', undefined],
    ['constructor', undefined],
    ['toString', undefined],
    ['plan', undefined],
    ['plan', { goal: { kind: 'script', text: 'Remove-VM' } }],
    [
      'plan',
      { goal: { kind: 'vms', wants: [{ vm: vmIn(thisPc, 'not-a-guid'), want: { nesting: true } }], consents: [] } },
    ],
    ['plan', { goal: { kind: 'vms', wants: [], consents: [] } }],
    ['start', { plan: '../../etc/passwd', consents: [] }],
    ['start', { plan: 'x', consents: ['anything'] }],
    ['settings', { theme: 'pink' }],
    ['settings', { language: 'en', also: 'this' }],
    ['act', { act: 'format-disk' }],
    ['copyText', { text: 'x'.repeat(200_001) }],
    ['connect', { vm: 'x & calc' }],
  ];
  for (const [name, request] of bad)
    await expect(hypernest.call(name, request), `${name} ${JSON.stringify(request)?.slice(0, 60)}`).rejects.toThrow();
  expect((await hypernest.state()).version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('a page that was taken over takes nothing away for good: main asks a person', async ({ hypernest }) => {
  const { machine } = await hypernest.ready();
  const saved = machine?.vms?.find(({ name }) => name === 'legacy-2012r2');
  if (saved?.state !== 'Saved') throw new Error('it is not saved');
  const wants = [{ vm: vmIn(thisPc, saved.id), want: { savedState: 'drop' } }];
  const shown = (await hypernest.call('plan', { goal: { kind: 'vms', wants, consents: ['drop-saved-state'] } })) as {
    result: { plan: { id: string } };
  };
  const request = { plan: shown.result.plan.id, consents: ['drop-saved-state'] };
  await hypernest.answer(1);
  expect(await hypernest.call('start', request)).toEqual({ kind: 'consent-missing' });
  expect((await hypernest.vm(saved.name)).state).toBe('Saved');
  expect((await hypernest.state()).runs).toEqual([]);
  await hypernest.answer(0);
  expect(await hypernest.call('start', request)).toMatchObject({ kind: 'started' });
  expect((await hypernest.endedRun()).outcome).toBe('done');
  expect((await hypernest.asked()).map(({ message }) => message)).toEqual(
    Array.from({ length: 2 }, () => hypernest.t('tray.losesAsk')),
  );
});

test.describe('signing out of Windows', () => {
  test.use({ options: { scenario: 'joined-not-signed-out', direct: true } });

  sharedTest('is not done by a page: main asks a person', async ({ hypernest }) => {
    await hypernest.ready();
    await hypernest.answer(1);
    await hypernest.call('signOut');
    expect((await hypernest.state()).machine?.vms).toBeUndefined();
    await hypernest.answer(0);
    await hypernest.call('signOut');
    await hypernest.until(({ machine }) => (machine?.vms?.length ?? 0) > 0, 'signed out and in: the VMs are there');
    expect((await hypernest.asked()).map(({ message }) => message)).toEqual(
      Array.from({ length: 2 }, () => hypernest.t('rights.signOutAsk')),
    );
  });
});
