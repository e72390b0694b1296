import adminModels from './adminModels.json';
import audit from './audit.json';
import common from './common.json';
import health from './health.json';
import home from './home.json';
import keys from './keys.json';
import login from './login.json';
import models from './models.json';
import overview from './overview.json';
import people from './people.json';
import playground from './playground.json';
import profile from './profile.json';
import requests from './requests.json';
import settings from './settings.json';
import shell from './shell.json';
import usage from './usage.json';

export default {
  adminModels,
  audit,
  common,
  health,
  home,
  keys,
  login,
  models,
  overview,
  people,
  playground,
  profile,
  requests,
  settings,
  shell,
  usage,
};
