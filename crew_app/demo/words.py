"""Words that crews write when work waits, comes back, or is dropped."""

WAITING_FOR_MATERIAL = "缺 {name} {spec}，需 {quantity} {unit}，等到货"
WAITING_FOR_ACCESS = (
    "病人正在抢救，等科室通知再进",
    "手术中，进不去，约下午四点",
    "诊室有病人，护士长要求中午来",
    "房间锁着，没人开门",
    "病人午休，两点半以后再修",
)
RESUMED = {"material": "材料到了，继续修", "access": "可以进场了"}
SENT_BACK = (
    "照片看不清修的位置，请补一张近照",
    "现场垃圾没带走，清理后再报完工",
    "科室反映没修好，请再看一下",
    "修后照片没有，请补拍",
    "旧件没有交回，请交旧领新",
)
FINISHED_AGAIN = ("已重新处理，补拍照片", "复修完成，护士长确认", "现场已清理")
CANCELLED = ("重复报修，已有工单", "误报，现场正常", "科室说不用修了", "已并入本月改造项目")
PASSED = ("", "", "", "", "", "合格", "现场复查合格", "科室满意")
COURTESY = ("", "", "", "", "", "", "，麻烦尽快", "，谢谢师傅", "，病人在等")
ON_ROUND = "（巡查发现）"
