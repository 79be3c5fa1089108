import { contextBridge, ipcRenderer } from 'electron';
import { bridge } from './ipc/preload.js';

contextBridge.exposeInMainWorld('hypernest', bridge(ipcRenderer));
