// A page may import nothing else.
import '../tensor/register-webgl';

export * from './api';
