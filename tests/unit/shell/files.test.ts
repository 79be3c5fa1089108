import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { turnOver } from '../../../src/shell/log.js';
import { contentSecurityPolicy, fileOf, mayRequest, servePage } from '../../../src/shell/page-server.js';

vi.mock('electron-log/main.js', () => ({ default: {} }));

const folder = path.resolve('assets');

describe('the window is served its own files', () => {
  test('with the policy, and their type', async () => {
    const response = await servePage('app://hypernest/app-16.png', folder);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('image/png');
    expect(response.headers.get('Content-Security-Policy')).toBe(contentSecurityPolicy);
  });

  test('a file that is not there is not there', async () => {
    const response = await servePage('app://hypernest/none.png', folder);
    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Security-Policy')).toBe(contentSecurityPolicy);
  });

  test.each([
    'app://hypernest/../package.json',
    'app://hypernest/%2e%2e/%2e%2e/etc/passwd.html',
    'app://hypernest/..%5c..%5cx.html',
    'app://hypernest/x%00.html',
    'app://hypernest/%',
    'app://hypernest/',
    'app://hypernest/app.exe',
    'app://other/index.html',
    'file:///etc/passwd.html',
    'https://example.org/index.html',
    'nonsense',
  ])('%s leads nowhere else', (address) => {
    const found = fileOf(address, folder);
    expect(found === null || found.file.startsWith(folder + path.sep)).toBe(true);
  });

  test('nothing is inline and nothing comes from elsewhere', () => {
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|http/);
    expect(contentSecurityPolicy).toContain("default-src 'none'");
  });
});

describe('no request leaves the window', () => {
  test.each(['app://hypernest/index.html', 'data:image/svg+xml,<svg/>', 'devtools://devtools/x'])(
    '%s may',
    (address) => {
      expect(mayRequest(address, undefined)).toBe(true);
    },
  );
  test.each(['https://example.org/', 'file:///etc/passwd', 'app://other/', 'ws://localhost:5173/', 'blob:x', ''])(
    '%s may not',
    (address) => {
      expect(mayRequest(address, undefined)).toBe(false);
    },
  );
  test('while developing, Vite may', () => {
    expect(mayRequest('ws://localhost:5173/', 'http://localhost:5173')).toBe(true);
    expect(mayRequest('http://localhost:5174/', 'http://localhost:5173')).toBe(false);
  });
});

test('the log keeps its last files, and no more', () => {
  const at = fs.mkdtempSync(path.join(tmpdir(), 'hypernest-log-'));
  const file = path.join(at, 'hypernest.log');
  for (let turn = 1; turn <= 6; turn++) {
    fs.writeFileSync(file, `turn ${turn}`);
    turnOver(file);
  }
  const kept = fs.readdirSync(at).sort();
  expect(kept).toEqual(['hypernest.1.log', 'hypernest.2.log', 'hypernest.3.log']);
  expect(kept.map((name) => fs.readFileSync(path.join(at, name), 'utf8'))).toEqual(['turn 6', 'turn 5', 'turn 4']);
  fs.rmSync(at, { recursive: true, maxRetries: 9 });
});
