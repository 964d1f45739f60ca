export { bandPart } from './band-part';
export { gramSchmidt } from './gram-schmidt';
export { qr } from './qr';
