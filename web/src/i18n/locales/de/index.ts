import { catalogue, type Texts } from '../../catalogue';

export default catalogue(import.meta.glob<Texts>('./*.json', { eager: true, import: 'default' }));
