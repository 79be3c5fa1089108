import { mount } from 'svelte';
import './ui/tokens.css';
import './ui/components.css';
import './ui/app.css';
import App from './App.svelte';

const target = document.querySelector('#app');
if (!target) throw new Error('index.html has no #app');
mount(App, { target });
