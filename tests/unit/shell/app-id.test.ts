import fs from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { appId, toastActivatorId } from '../../../src/shell/app-id.js';

const configuration: unknown = parse(fs.readFileSync('electron-builder.yml', 'utf8'));

it('is the id that the installer gives to the shortcut', () => {
  expect(configuration).toMatchObject({ appId });
});

it('is the class that the uninstaller takes away, written as Windows writes it', () => {
  expect(fs.readFileSync('assets/installer.nsh', 'utf8')).toContain(`!define TOAST_ACTIVATOR_ID "${toastActivatorId}"`);
  expect(toastActivatorId).toMatch(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/);
});
