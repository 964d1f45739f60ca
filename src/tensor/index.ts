import './register-webgl';

export * from './api';
