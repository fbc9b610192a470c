"""Every sentence with which a file is refused, in one place for the manual to quote."""

ONLY_THESE = "没有上传：这里只收图片和PDF、Word、Excel、PPT、OFD、WPS文件。"
EMPTY = "没有上传：这个文件是空的，请换一个再传。"
TOO_LARGE = "没有上传：单个文件不能超过{mb} MB。请压缩后再传。"
REPORT_TOO_LARGE = "没有上传：一次填报的文件合计不能超过{mb} MB。请先移除不需要的。"
NO_ROOM = "没有上传：服务器现在存不下文件，您写的内容还在。请稍后再传，或告诉系统管理员。"

NO_MATCH = "没有上传：文件内容与扩展名.{extension}对不上。请用原来的程序打开、另存后再传。"
OTHER_KIND = "没有上传：扩展名是.{extension}，内容却是{label}。请把扩展名改成.{right}再传。"
DAMAGED = "没有上传：这个文件已损坏，打不开。请用原来的程序打开、另存后再传。"
LOCKED = "没有上传：这个文件加了密码。请去掉密码再传。"
HEIC = "没有上传：这是苹果手机的HEIC照片，很多电脑打不开。请在手机上转成JPG再传。"

UNREADABLE_PICTURE = "没有上传：这张图片打不开，请换一张或重新拍。"
TOO_MANY_PIXELS = "没有上传：这张图片太大，超过{millions}00万像素。请缩小后再传。"

MACROS = "没有上传：带宏的文件不收。请另存为不带宏的{right}再传。"
OLD_MACROS = "没有上传：这个旧格式文件带有宏。请另存为docx、xlsx或pptx再传。"
PROGRAM = "没有上传：文件里夹带了可执行程序。请去掉后再传。"
SCRIPT = "没有上传：这个PDF里带有脚本。请打印成新的PDF再传。"
REMOTE_TEMPLATE = "没有上传：这份文档挂着网上的模板。请在Word里去掉模板再传。"
TOO_MUCH_INSIDE = "没有上传：这个文件解开后太大或内容太多。请拆开或另存后再传。"
ODD_PATHS = "没有上传：文件内部的路径不正常。请用原来的程序打开、另存后再传。"

CLASSIFIED = (
    "没有上传：{where}带有“{mark}”一类的密级标志。涉密材料不能传到这里，请按保密规定办理。"
)
