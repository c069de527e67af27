import type { ReactNode } from 'react';
import { FanfareMark } from '../../layout/FanfareMark';
import { AndroidNotification } from './AndroidNotification';
import { FirefoxAlert } from './FirefoxAlert';
import { IosNotification } from './IosNotification';
import { MacBanner } from './MacBanner';
import type { Platform } from './platforms';
import type { PreviewContent } from './previewContent';
import { WindowsToast } from './WindowsToast';

const drawings = {
  windows: WindowsToast,
  mac: MacBanner,
  android: AndroidNotification,
  firefox: FirefoxAlert,
  ios: IosNotification,
};

/** One notification as a platform draws it, and the number on the icon of the installed app. */
export function PreviewCard(props: { content: PreviewContent; platform: Platform }): ReactNode {
  const { content, platform } = props;
  const Drawing = drawings[platform.name];
  return (
    <>
      <figure
        className="preview"
        data-platform={platform.name}
        aria-label={`Preview: ${platform.label}`}
        dir={content.dir === 'auto' ? undefined : content.dir}
      >
        <Drawing content={content} />
      </figure>
      {content.appBadge !== undefined && (
        <div className="preview-installed" role="img" aria-label={`${content.appBadge} on the installed app`}>
          <FanfareMark size={44} />
          <span>{content.appBadge > 99 ? '99+' : content.appBadge}</span>
        </div>
      )}
    </>
  );
}
